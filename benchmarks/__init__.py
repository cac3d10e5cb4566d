"""The numbers that the README quotes. Each is printed beside its floor, which is measured in the same run."""
