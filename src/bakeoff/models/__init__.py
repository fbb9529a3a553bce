"""Plain algorithms, arrays in and arrays out, that several families of contenders share."""
