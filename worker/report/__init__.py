"""Reading only, as the role `onrecord_reader`: questions to the schema `report`, ready reports, rendering, exports."""
