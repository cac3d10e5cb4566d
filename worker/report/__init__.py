"""Reports: asks the schema `report` as the role `onrecord_reader`, which only reads, and writes answers and exports."""
