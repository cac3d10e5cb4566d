"""The checks of `onrecord doctor`: each check looks at one thing, and says if it is sound and what to do.

A check is a function that yields findings. It runs in its own thread with a time limit (`running_check`), since a
broken disk or server may never answer.
"""
