; A boot sector for drive 80h that says which drives there are: the BDA's count, and the first word behind the code of
; sector 1 of drives 80h, 81h and 82h (read by LBA), on COM1.

        bits 16
        cpu 486
        org 0x7c00

        cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        sti
        mov si, text_count
        call puts
        mov ax, 0x40
        mov es, ax
        mov al, [es:0x75]
        add al, '0'
        call putc
        call newline
        mov byte [drive], 0x80
each:
        mov si, text_drive
        call puts
        mov al, [drive]
        sub al, 0x80 - '0'
        call putc
        mov al, ' '
        call putc
        mov si, packet
        mov dl, [drive]
        mov ah, 0x42
        int 0x13
        jc none
        mov byte [0x8000 + 16], 0
        mov si, 0x8000
        call puts
        jmp next
none:
        mov si, text_none
        call puts
next:
        call newline
        inc byte [drive]
        cmp byte [drive], 0x83
        jb each
        mov si, text_done
        call puts
halt:   hlt
        jmp halt

%include "com1.inc"

text_count db 13, 10, 'drives ', 0
text_drive db 'drive 8', 0
text_none  db 'none', 0
text_done  db 'probe done', 13, 10, 0
drive   db 0
packet  db 16, 0
        dw 1, 0x8000, 0
        dq 1
        times 510 - ($ - $$) db 0
        dw 0xaa55
