"""What people see and keep of a run: the terminal report and the files of an output folder."""
