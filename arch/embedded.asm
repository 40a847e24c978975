; The end of an image (arch/stage/packed.h): the script that is built into it (make EMBED=...), with its size in front, and what the
; image is (LABEL).
        section .script progbits alloc noexec nowrite align=1
        global embedded_script
embedded_script:
        dd script_end - script
script:
        incbin "embedded.script"
script_end:
        db LABEL, 0
        section .note.GNU-stack noalloc noexec nowrite progbits
