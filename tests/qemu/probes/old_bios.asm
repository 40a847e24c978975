; Boot sector of a diskette that makes an old BIOS of the one that started it: without E820 (and, if the byte no_e801 is set, without E801),
; without PnP and PMM. From the sectors behind it, it puts an option ROM for the NIC 8086:100E into memory, calls its initialization as such a BIOS
; does, and boots (INT 19h). The first INT 19h handler, which is what the ROM shall go on to, says so.
%include "probe.inc"
kRomSegment     equ 2000h
kFirstSector    equ 3
kRomSectors     equ 160                         ; 80 KiB
kSectorsPerTrack equ 18
        mov ss, ax                              ; AX is 0
        mov sp, 7000h
        mov si, text_begin
        call puts
        mov ax, kRomSegment
        mov es, ax
        mov cx, kFirstSector - 1
        mov di, kRomSectors + 1
read:                                           ; sector CX of the disk, to ES:0
        dec di
        jz resident
        push cx
        mov ax, cx
        mov bl, kSectorsPerTrack
        div bl
        mov cl, ah
        inc cx                                  ; sector
        mov dh, al
        and dh, 1
        shr al, 1
        mov ch, al
        mov dl, [boot_drive]
        mov ax, 0201h
        xor bx, bx
        int 13h
        jc stop
        pop cx
        inc cx
        mov ax, es
        add ax, 512 / 16
        mov es, ax
        jmp read

; The handlers go to the top of base memory, since what is booted overwrites this sector.
resident:
        dec word [413h]
        mov ax, [413h]
        shl ax, 6
        mov es, ax
        mov eax, [15h * 4]
        mov [old_int15], eax
        mov si, handlers
        xor di, di
        mov cx, handlers_end - handlers
        cld
        rep movsb
        mov word [15h * 4], 0
        mov [15h * 4 + 2], es
        mov word [19h * 4], next_device - handlers
        mov [19h * 4 + 2], es

        mov ax, 0b102h                          ; find PCI device
        mov cx, 100eh
        mov dx, 8086h
        xor si, si
        int 1ah
        jc stop
        mov ax, bx
        xor di, di                              ; ES:DI: no PnP installation check structure
        call kRomSegment:3
        int 19h

handlers:
        bits 16
        cmp ax, 0e820h
        je .unknown
        cmp ax, 0e801h
        jne .known
        cmp byte [cs:no_e801 - handlers], 0
        jne .unknown
.known:
        jmp far [cs:old_int15 - handlers]
.unknown:
        push bp
        mov bp, sp
        or byte [bp + 6], 1                     ; carry
        pop bp
        mov ah, 86h                             ; function not supported
        iret
next_device:
        push cs
        pop ds
        mov si, text_next - handlers
.next:
        lodsb
        test al, al
        jz $
        mov dx, kCom1
        out dx, al
        jmp .next
old_int15: dd 0
no_e801:   db 0
text_next: db "the next device", 13, 10, 0
handlers_end:
text_begin: db "old BIOS", 13, 10, 0
%include "probe_end.inc"
        db "no_e801 is at "
        dw no_e801 - start
        times 1024 - ($ - $$) db 0
