"""The numbers that the README quotes, each with the floor it stands on, measured in the same run."""
