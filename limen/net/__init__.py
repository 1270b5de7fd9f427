"""What every package that calls out uses: one transport that looks at each address before it connects."""
