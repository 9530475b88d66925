"""One writer per generated page: reads the code as it is and answers text. Writes no file and knows no reader but one."""
