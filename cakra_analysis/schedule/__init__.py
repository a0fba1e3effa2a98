"""Put the builds of a plan on a timetable: a systemd user timer, or else the user's crontab."""
