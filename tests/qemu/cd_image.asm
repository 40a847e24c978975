; The boot sector of a disk image on a CD: says on COM1 the drive it was started from, what AH=4B01h calls the medium, how many
; sectors AH=08h gives a track, and the text at the beginning of the sector that is given by CHS at the end of this one.

        bits 16
        cpu 486
        org 0x7c00

        cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00
        sti
        mov [drive], dl
        mov si, text_drive
        call puts
        mov al, dl
        call hex
        mov ax, 0x4b01
        mov si, 0x8000
        int 0x13
        mov si, text_media
        call puts
        mov al, [0x8001]
        call hex
        mov ah, 8
        mov dl, [drive]
        int 0x13
        mov si, text_sectors
        call puts
        mov al, cl
        and al, 0x3f
        call hex
        mov si, text_says
        call puts
        xor ax, ax
        mov es, ax
        mov ax, 0x0201
        mov bx, 0x8000
        mov cx, [where]
        mov dh, [where + 2]
        mov dl, [drive]
        int 0x13
        mov si, text_bad
        jc .say
        mov si, 0x8000
.say:   call puts
        mov si, text_end
        call puts
halt:   hlt
        jmp halt

hex:    push ax
        shr al, 4
        call .digit
        pop ax
        and al, 15
.digit: add al, '0'
        cmp al, '9'
        jbe putc
        add al, 'a' - '9' - 1
        jmp putc

%include "com1.inc"

text_drive   db 13, 10, 'image: drive ', 0
text_media   db ' media ', 0
text_sectors db ' sectors ', 0
text_says    db ' says ', 0
text_bad     db 'nothing', 0
text_end     db 13, 10, 0
drive   db 0
        times 440 - ($ - $$) db 0
where   db SECTOR, CYLINDER, HEAD   ; CL, CH, DH
        times 446 - ($ - $$) db 0
        db 0x80, 1, 1, 0, 0x0e, 15, 63, 19  ; a partition of 20 cylinders of 16 heads of 63 sectors, but for the first track
        dd 63, 20 * 16 * 63 - 63
        times 510 - ($ - $$) db 0
        dw 0xaa55
