"""Finding in the live program: functions by their code, classes, what runs, how many there are."""
