"""Static pictures, one a file: drawn by matplotlib, coloured by the page, text left as text."""
