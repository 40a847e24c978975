; A kernel by the Linux boot protocol (version 2.15) that says on COM1 how it was entered: segments, stack, interrupts, and its command line.
        bits 16
        cpu 386
        org 0
kSetupSectors   equ 1

        times 1f1h - ($ - $$) db 0
        db kSetupSectors
        times 1feh - ($ - $$) db 0
        dw 0aa55h
        jmp short start
        db "HdrS"
        dw 20fh                                 ; version
        times 211h - ($ - $$) db 0
        db 1                                    ; loaded high
        times 214h - ($ - $$) db 0
        dd 100000h
        times 228h - ($ - $$) db 0
command_line: dd 0
        dd 7fffffffh                            ; initrd_addr_max
        times 238h - ($ - $$) db 0
        dd 255                                  ; cmdline_size
        times 270h - ($ - $$) db 0

start:
        pushf
        pop bx
        cld
        mov si, name
        call puts
        mov si, on
        test bh, 2
        jnz .say
        mov si, off
.say:
        call puts
        mov si, segments_differ
        mov ax, ds
        mov cx, es
        mov dx, ss
        cmp ax, cx
        jne .segments
        cmp ax, dx
        jne .segments
        mov cx, fs
        mov dx, gs
        cmp ax, cx
        jne .segments
        cmp ax, dx
        jne .segments
        mov si, segments_same
.segments:
        call puts
        mov eax, [command_line]
        mov si, ax
        and si, 15
        shr eax, 4
        mov ds, ax
        call puts
        call newline
.stop:
        hlt
        jmp .stop

%include "com1.inc"

name:   db 13, 10, "LINUX KERNEL interrupts ", 0
on:     db "on", 0
off:    db "off", 0
segments_same:   db " segments same: ", 0
segments_differ: db " segments DIFFER: ", 0
        times (kSetupSectors + 1) * 512 - ($ - $$) db 0
        times 4096 db 0                         ; the protected-mode part
