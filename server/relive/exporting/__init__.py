"""What a session ran, as a program and as a notebook; notebooks as programs: pure functions."""
