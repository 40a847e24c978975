; .rom: a PCI option ROM. PCI Firmware Specification 3.0 section 5.1, Plug and Play BIOS Specification 1.0a section 3,
; BIOS Boot Specification 1.01, POST Memory Manager Specification 1.01.
;
; At POST (rom_init) it parks the packed image in extended memory with PMM's help, so that only the code in front of it stays
; in the scarce option ROM space. At boot (bev) it loads the image and runs it. After POST the ROM may be write
; protected: what must be remembered is written down in rom_init.

%include "layout.inc"
%include "image.inc"            ; kVendor, kDevice, device_ids, PRODUCT: which NICs this image is for
        bits 16
        org 0

kSignaturePnp   equ 506e5024h   ; '$PnP'
kSignaturePmm   equ 4d4d5024h   ; '$PMM'
kVectorBoot     equ 19h * 4
kIplAttached    equ 20h         ; rom_init's answer to a PnP BIOS: a boot device is attached

rom:
        dw 0aa55h
rom_size:
        db (rom_end - rom) / 512
        jmp near rom_init
        times 18h - ($ - rom) db 0
        dw pcir - rom
        dw pnp - rom
rom_checksum:
        db 0                                    ; set by finish_rom: all bytes sum to 0

        align 4, db 0
pcir:                                           ; PCI data structure, revision 3
        db "PCIR"
        dw kVendor, kDevice
        dw device_ids - pcir
        dw pcir_end - pcir
        db 3
        db 0, 0, 2                              ; class 02 00 00: Ethernet controller
pcir_size:
        dw (rom_end - rom) / 512
        dw 1                                    ; code revision
        db 0                                    ; x86, PC-AT
        db 80h                                  ; last image
pcir_run_time_size:
        dw (rom_end - rom) / 512
        dw 0                                    ; no configuration utility
        dw 0                                    ; no DMTF CLP entry
pcir_end:
device_ids:
        DEVICE_IDS
        dw 0

        align 16, db 0
pnp:                                            ; PnP expansion header
        db "$PnP"
        db 1
        db (pnp_end - pnp) / 16
        dw 0                                    ; no further header
        db 0
pnp_checksum:
        db 0
        dd 0                                    ; device identifier
        dw manufacturer - rom
        dw product - rom
        db 2, 0, 0                              ; device type: Ethernet
        db 14h                                  ; boots (IPL device), needs no read-only shadow ... bit 2: IPL
        dw 0                                    ; no boot connection vector
        dw 0                                    ; no disconnect vector
        dw bev - rom
        dw 0
        dw 0                                    ; no static resources
pnp_end:

manufacturer:
        db "Sanpiper", 0
product:
        db PRODUCT, " (PCI "
product_address:
        db "00:00.0)", 0

        align 4, db 0
packed_address:
        dd 0                                    ; linear; 0: here in the ROM
boot_device:
        dw 0ffffh
old_int19:
        dd 0

; POST calls here (far). AX: bus/device/function; ES:DI: PnP installation check structure, if there is such a BIOS.
rom_init:
        pushad
        push ds
        push es
        cld
        push cs
        pop ds
        mov [boot_device], ax
        call name_device
        cmp dword [es:di], kSignaturePnp
        je .boots
        call hook_boot                          ; nobody will ask for our boot entry vector
.boots:
        call park
        call update_checksum
        pop es
        pop ds
        popad
        mov ax, kIplAttached
        retf

; Boot entry vector: the BIOS calls here (far) to boot from this NIC. Returns when that did not work out.
bev:
        pushad
        push ds
        push cs
        pop ds
        call boot
        pop ds
        popad
        retf

; INT 19h on BIOSes without PnP: network first, then whatever there was.
int19:
        push cs
        pop ds
        xor ax, ax
        mov es, ax
        mov eax, [old_int19]
        mov [es:kVectorBoot], eax
        call boot
        jmp far [cs:old_int19]

boot:
        sti
        mov bx, [boot_device]
        mov cl, kOriginOptionRom
        xor edi, edi
        mov esi, [packed_address]
        test esi, esi
        jnz .load
        call packed_here
.load:
        call load
        jc .return
        push cs
        push word .return
        push ax
        push word Resident.size                 ; where its code starts
        retf
.return:
        ret

; ESI: linear address of the packed image in the ROM.
packed_here:
        mov esi, cs
        movzx esi, si
        shl esi, 4
        add esi, packed
        ret

hook_boot:
        push es
        xor cx, cx
        mov es, cx
        mov eax, [es:kVectorBoot]
        mov [old_int19], eax
        mov word [es:kVectorBoot], int19
        mov [es:kVectorBoot + 2], cs
        pop es
        ret

; Writes the PCI address (AX) into the product name.
name_device:
        mov si, product_address
        mov cl, 4
        mov bl, ah
        call .two                               ; bus
        inc si                                  ; ":"
        mov bl, al
        shr bl, 3
        call .two                               ; device
        inc si                                  ; "."
        and al, 7
        add al, '0'
        mov [si], al
        ret
.two:
        mov dl, bl
        shr dl, cl
        call .digit
        mov dl, bl
.digit:
        and dl, 15
        cmp dl, 10
        jb .decimal
        add dl, 'a' - '0' - 10
.decimal:
        add dl, '0'
        mov [si], dl
        inc si
        ret

; Moves the packed image to extended memory, if the BIOS has a POST memory manager and lets us write to the ROM's copy.
park:
        call find_pmm
        jnz .return
        push word 2                             ; flags: extended memory, for the time until the system boots
        push dword 0ffffffffh                   ; anonymous
        push dword (PACKED_SIZE + 15) / 16      ; paragraphs
        push word 0                             ; pmmAllocate
        call far [es:di + 7]
        add sp, 12
        push dx
        push ax
        pop edi
        inc edi                                 ; 0: no memory; -1: function not supported
        cmp edi, 1
        jbe .return
        dec edi
        call packed_here
        call copy_packed
        jnz .return
        mov [packed_address], edi
        mov al, (packed - rom) / 512
        mov [rom_size], al
        mov [pcir_size], al
        mov [pcir_run_time_size], al
.return:
        ret

; ES:DI: the $PMM structure; ZF when there is one.
find_pmm:
        mov dx, 0e000h
.next:
        mov es, dx
        xor di, di
        cmp dword [es:di], kSignaturePmm
        jne .other
        movzx cx, byte [es:di + 5]              ; length; the bytes sum to 0
        xor al, al
        xor bx, bx
.sum:
        add al, [es:bx]
        inc bx
        loop .sum
        test al, al
        jz .return
.other:
        inc dx
        jnz .next
        inc dx                                  ; clears ZF
.return:
        ret

; Makes the bytes of the ROM, as long as it now is, sum to 0.
update_checksum:
        mov byte [rom_checksum], 0
        movzx ecx, byte [rom_size]
        shl ecx, 9
        xor esi, esi
        xor al, al
.next:
        sub al, [esi]
        inc esi
        loop .next, ecx
        mov [rom_checksum], al
        ret

%include "load.inc"

        align 512, db 0
packed:
        incbin "packed.bin"
packed_end:
PACKED_SIZE     equ packed_end - packed
        align 512, db 0
rom_end:
