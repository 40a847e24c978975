; A network boot program that starts another one, elsewhere than at 0:7C00 and with less than it got itself, as loaders do that know no PXE: HIDE is 1
; without !PXE on the stack, 2 without PXENV+ in ES:BX as well, 3 without INT 1Ah as well.
        bits 16
        org 0
kPxeCheck       equ 5650h
kInt1a          equ 1ah * 4

        jmp 7c0h:start
start:
        push cs
        pop ds
        mov bp, sp
        mov dword [bp + 4], 0
%if HIDE > 1
        xor bx, bx
        mov es, bx
%endif
%if HIDE > 2
        cli
        xor ax, ax
        mov fs, ax
        mov eax, [fs:kInt1a]
        mov [old], eax
        mov word [fs:kInt1a], int1a
        mov [fs:kInt1a + 2], cs
        sti
%endif
        mov si, message
        cld
        call puts
        mov ax, cs
        add ax, (program - $$) / 16
        push ax
        push word 0
        retf

int1a:
        cmp ax, kPxeCheck
        je .unknown
        jmp far [cs:old]
.unknown:
        stc
        retf 2

%include "com1.inc"
old:
        dd 0
message:
        db "without !PXE", 13, 10, 0
        times 512 - ($ - $$) db 0
program:
        incbin PROGRAM
