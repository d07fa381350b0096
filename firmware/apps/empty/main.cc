// Start-up and nothing else.

int main() { return 0; }
