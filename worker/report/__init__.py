"""Reports: questions to the schema `report` as the role `onrecord_reader`, which only reads; rendering and exports."""
