; Processor exceptions in protected mode come here. Interrupts are off there, so anything else is an NMI.
        bits 32
        section .text
        global exception_stubs
        extern exception_report

kExceptions     equ 32
kCallSize       equ 5
kNmi            equ 2

; Which one it was shows in the return address.
exception_stubs:
        times kExceptions call exception_common
exception_common:
        cmp dword [esp], exception_stubs + (kNmi + 1) * kCallSize
        je .ignore
        push esp
        call exception_report                   ; does not return
.ignore:
        add esp, 4
        iret
        section .note.GNU-stack noalloc noexec nowrite progbits
