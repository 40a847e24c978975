// Host programs have no built-in script, and trust nobody from the start.
extern "C" {
extern const char embedded_script[], embedded_trust[];
}
__asm__(".globl embedded_script, embedded_trust\nembedded_script:\nembedded_trust:\n.long 0\n");
