; A boot sector that says on COM1 how much base memory INT 12h reports, and how many interrupt vectors lead to what is behind it, below the
; EBDA: memory that somebody has kept.
        bits 16
        cpu 386
        org 7c00h

        cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7c00h
        sti
        cld
        mov si, first
        call puts
        int 12h
        mov bx, ax
        call number
        mov si, second
        call puts
        mov dx, [40eh]                          ; the EBDA's segment
        shr dx, 6
        xor ax, ax
        xor di, di
.next:
        movzx ecx, word [di]
        shr cx, 4
        add cx, [di + 2]
        shr cx, 6                               ; KiB
        cmp cx, bx
        jb .other
        cmp cx, dx
        jae .other
        inc ax
.other:
        add di, 4
        cmp di, 400h
        jb .next
        call number
        mov al, 10
        call putc
        hlt

; AX in decimal. Destroys it, CX, DX and SI.
number:
        mov cx, 10
        mov si, digits_end
.next:
        xor dx, dx
        div cx
        add dl, '0'
        dec si
        mov [si], dl
        test ax, ax
        jnz .next
        jmp puts

%include "com1.inc"

first:  db 13, 10, "base memory: ", 0
second: db " KiB, vectors to what is behind it: ", 0
digits: times 5 db 0
digits_end: db 0
        times 510 - ($ - $$) db 0
        dw 0aa55h
