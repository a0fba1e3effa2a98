"""What follows from a route of competency development (Peraturan LAN 10/2018), for every stage."""

from __future__ import annotations

# Learnt at the own desk: no room is needed and nobody is called away from a counter. [I]
ONLINE = ("e-learning", "pelatihan jarak jauh", "belajar mandiri")
