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
; Certificates that the image trusts (make TRUST=...), with their size in front. Left out where nobody asks for them.
        section .rodata.embedded_trust progbits alloc noexec nowrite align=1
        global embedded_trust
embedded_trust:
        dd trust_end - trust
trust:
        incbin "embedded.trust"
trust_end:
        section .note.GNU-stack noalloc noexec nowrite progbits
