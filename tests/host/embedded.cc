// Host programs have no built-in script.
extern "C" {
extern const char embedded_script[];
}
__asm__(".globl embedded_script\nembedded_script:\n.long 0\n");
