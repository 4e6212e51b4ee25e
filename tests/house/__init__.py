"""The rules of the house: functions from a checkout's folder to a list of complaints, empty when kept."""
