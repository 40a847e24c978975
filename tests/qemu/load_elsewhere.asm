; A boot sector that loads a program from the sectors behind it to 1000h:0 and jumps there, as RPL servers' loaders do.
        bits 16
        org 7c00h
kLoadAt         equ 1000h
kHeads          equ 2
kSectors        equ 18

        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7c00h
        mov ax, kLoadAt
        mov es, ax
        mov bp, 1                               ; block to read
.next:
        mov ax, bp
        xor dx, dx
        mov bx, kSectors
        div bx
        mov cl, dl
        inc cl                                  ; sector
        xor dx, dx
        mov bx, kHeads
        div bx
        mov dh, dl                              ; head
        mov ch, al                              ; cylinder
        xor dl, dl
        xor bx, bx
        mov ax, 201h
        int 13h
        jc .next
        mov ax, es
        add ax, 20h
        mov es, ax
        inc bp
        cmp bp, (program_end - program) / 512 + 1
        jb .next
        mov si, message
        call puts
        jmp kLoadAt:0

%include "com1.inc"
message:
        db "loaded at 1000:0", 13, 10, 0
        times 510 - ($ - $$) db 0
        dw 0aa55h
program:
        incbin PROGRAM
        align 512, db 0
program_end:
        times 1474560 - ($ - $$) db 0
