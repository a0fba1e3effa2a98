"""Stage 4: did they like it, learn it, use it, did service improve, was it worth it?"""
