; The script that is built into an image (make EMBED=...), as bytes. Empty when there is none.
        section .rodata
        global embedded_script_begin, embedded_script_end
embedded_script_begin:
        incbin "embedded.script"
embedded_script_end:
        section .note.GNU-stack noalloc noexec nowrite progbits
