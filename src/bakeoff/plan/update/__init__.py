"""`bakeoff update`: a fitted model goes on learning, and is judged against itself before."""
