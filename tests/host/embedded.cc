// Host programs have no built-in script.
extern "C" {
extern const char embedded_script_begin[], embedded_script_end[];
}
__asm__(".globl embedded_script_begin, embedded_script_end\nembedded_script_begin:\nembedded_script_end:\n");
