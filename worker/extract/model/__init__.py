"""The trained reader: word pieces in windows, tags, spans, links. See `training/` for how it was made."""

import os

# The official builds of onnxruntime report each process to Microsoft, and leave files in HOME and TMPDIR; only what is
# set before they are imported keeps them from it altogether (Privacy.md in the wheel).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
