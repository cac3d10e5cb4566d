"""The checks of `onrecord doctor`: each looks at one thing, and says how it is and what to do.

A check is a function that yields findings. It runs in a thread of its own with a time limit (`running_check`), since a
broken disk or server may never answer.
"""
