; .iso: the file that a CD boots (El Torito 1.0, no emulation), from which xorriso makes the CD image. The BIOS loads the first 2048
; bytes, which is the loader; the packed image lies behind. Where on the CD that is, xorriso writes into the boot information
; table (mkisofs -boot-info-table), which takes bytes 8 to 63.

%include "layout.inc"
%include "image.inc"
        bits 16
        org 7c00h

%define SECTOR 2048
%define CHS 0
kSpareSectors   equ 32          ; for a larger script
kStack          equ 7000h       ; not on a page that has code: stores there are slow under emulation (arch/image.ld)

boot_sector:
        jmp short boot
        times 8 - ($ - $$) db 0
        dd 0                                    ; sector of the primary volume descriptor
boot_file:
        dd 0                                    ; sector of this file
        times 64 - ($ - $$) db 0
boot:
        cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, kStack
        cld
        sti
        jmp 0:.here                             ; some enter at 7C0:0
.here:
        mov [drive], dl
        mov eax, [boot_file]
        inc eax
        mov [packed_sector], eax
        jmp load_from_disk

        align 4, db 0
packed_sector:
        dd 0
product:
        db PRODUCT, 0
%include "read.inc"
%include "media.inc"
        times SECTOR - ($ - $$) db 0

packed:
        incbin "packed.bin"
        times -($ - packed) & (SECTOR - 1) db 0 ; "align" would align the origin, too
        times kSpareSectors * SECTOR db 0
