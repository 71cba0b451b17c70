"""What lists are read from: derived rows, written by the verbs, and columns of them in each process."""
