; What stays in base memory, below the resident part, while a network boot program runs: the structures that it finds the
; PXE API by, and the entries that they point to. arch/bios/nbp.cc copies it there, puts its stack and buffers behind it, and fills in
; what is named in NbpBlock (nbp.cc), whose layout this is.

%include "layout.inc"
        bits 16
        section .rodata.nbp_block

%define here(label) (label - nbp_block)

kInstallationCheck equ 5650h    ; INT 1Ah, PXE 2.1 section 2.4.2
kInstalled      equ 564eh
kCr0Protected   equ 1
kExitFailure    equ 1           ; PXENV_EXIT_FAILURE

        global nbp_block, nbp_block_end
nbp_block:
        times NbpBlock.old_int1a db 0           ; !PXE, PXENV+
old_int1a: dd 0
far_call: dd 0                                  ; the resident part's
give_up: dd 0                                   ; its hook18
exit_code: dw 0
has_exited: dw 0
        dw here(api_entry), here(pxenv_entry), here(hook1a), here(exited)
        times NbpBlock.sizeof - here($) db 0

; !PXE: far call, arguments on the stack. In protected mode, and in virtual-8086 mode, there is no way to do it.
api_entry:
        push ax
        smsw ax
        test al, kCr0Protected
        pop ax
        jnz .refuse
        jmp far [cs:here(far_call)]
.refuse:
        mov ax, kExitFailure
        retf

; PXENV+: far call, function in BX, parameters at ES:DI.
pxenv_entry:
        push es
        push di
        push bx
        push cs
        call api_entry
        add sp, 6
        retf

hook1a:
        cmp ax, kInstallationCheck
        jne .chain
        mov ax, kInstalled
        push cs
        pop es
        mov bx, NbpBlock.pxenv
        push bp
        mov bp, sp
        and byte [bp + 6], ~1                   ; carry, in the caller's flags
        pop bp
        iret
.chain:
        jmp far [cs:here(old_int1a)]

; Where the program returns to.
exited:
        mov [cs:here(exit_code)], ax
        mov byte [cs:here(has_exited)], 1
        jmp far [cs:here(give_up)]

        align 16, db 0
nbp_block_end:
