; What an installer on a CD does, by INT 13h alone: finds hard disk 80h, writes a system to it (by LBA, and a part of it by
; cylinder, head and sector), reads it back, and restarts the machine. El Torito without emulation: all of this file is
; loaded at 0:7C00. Tells on COM1 how it goes.
;
; The system it installs is a boot sector and a sector of data that it must find by cylinder, head and sector.

        bits 16
        cpu 486
        org 0x7c00
DISK            equ 0x80
SYSTEM_SECTORS  equ 33          ; boot sector, and so many of a pattern
BUFFER          equ 0x1000      ; segment, for reading back

        jmp 0:start
start:
        cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        sti
        cld
        mov si, text_start
        call puts
        ; A pattern behind the boot sector: each byte its place.
        mov di, system + 512
        xor ax, ax
        mov cx, (SYSTEM_SECTORS - 1) * 512
.pattern:
        stosb
        add al, 7
        loop .pattern

        mov si, text_found
        mov ah, 0x41
        mov bx, 0x55aa
        mov dl, DISK
        int 0x13
        jc failed
        mov si, text_written
        mov ax, 0x4300
        mov dl, DISK
        push si
        mov si, packet_write
        int 0x13
        pop si
        jc failed
        mov si, text_chs
        mov ax, 0x0301                          ; one sector, to cylinder 0, head 1, sector 1
        mov bx, data
        mov cx, 0x0001
        mov dx, 0x0100 | DISK
        int 0x13
        jc failed
        mov si, text_read
        mov ah, 0x42
        mov dl, DISK
        push si
        mov si, packet_read
        int 0x13
        pop si
        jc failed
        mov si, text_same
        mov ax, BUFFER
        mov es, ax
        push si
        mov si, system
        xor di, di
        mov cx, SYSTEM_SECTORS * 512
        repe cmpsb
        pop si
        jne failed
        mov si, text_done
        call puts
        mov al, 0xfe                            ; keyboard controller: restart
        out 0x64, al
halt:
        hlt
        jmp halt

; SI: what was tried.
failed:
        call puts
        mov si, text_failed
        call puts
        jmp halt

%include "com1.inc"

text_start      db "installer: starts", 13, 10, 0
text_found      db "finding disk 80h", 0
text_written    db "writing by LBA", 0
text_chs        db "writing by CHS", 0
text_read       db "reading", 0
text_same       db "comparing", 0
text_failed     db ": installer failed", 13, 10, 0
text_done       db "installer: done", 13, 10, 0

        align 4, db 0
packet_write:   db 16, 0
                dw SYSTEM_SECTORS, system, 0
                dq 0
packet_read:    db 16, 0
                dw SYSTEM_SECTORS, 0, BUFFER
                dq 0

        align 512, db 0
data:   db "installed by CHS", 0
        times 512 - ($ - data) db 0

; The installed system, which runs at 0:7C00 like the installer: code that is not position dependent but for DATA.
system:
        jmp short .begin
        times 8 - ($ - system) db 0
.begin:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        mov ax, 0x0201
        mov bx, 0x8000
        mov cx, 0x0001
        mov dx, 0x0100 | DISK
        int 0x13
        jc .halt
        mov si, 0x7c00 + .text - system
        call .print
        mov si, 0x8000
        call .print
.halt:
        hlt
        jmp .halt
.print:
        lodsb
        test al, al
        jz .done
        mov ah, al
        mov dx, kCom1 + 5
.wait:
        in al, dx
        test al, 0x20
        jz .wait
        mov al, ah
        mov dx, kCom1
        out dx, al
        jmp .print
.done:
        ret
.text   db "installed system runs, ", 0
        times 510 - ($ - system) db 0
        dw 0xaa55
        ; The pattern comes here.
