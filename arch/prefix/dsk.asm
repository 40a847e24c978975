; .dsk: a floppy disk of 1.44 MB. Loader and packed image are the reserved sectors of its file system.

%include "layout.inc"
%include "image.inc"
%include "fat12.inc"
        bits 16
        org 7c00h

%define FLOPPY
%define FAT_SECTORS_PER_TRACK 18
%define FAT_HEADS 2
kSectors        equ 2880
kFatSectors     equ 9
kRootEntries    equ 224
kMedia          equ 0f0h
LOADER_AT       equ 1
kSpareSectors   equ 64          ; for a larger script

boot_sector:
        jmp short boot_start
        nop
        fat_parameters 1, 1 + LOADER_SECTORS + PACKED_SECTORS, kRootEntries, kSectors, kMedia, kFatSectors, 0, 0
sectors_per_track equ boot_sector + 18h
heads           equ boot_sector + 1ah
boot_start:
%include "boot_sector.inc"
        times 510 - ($ - $$) db 0
        dw 0aa55h

packed_sector:
        dd LOADER_AT + LOADER_SECTORS
product:
        db PRODUCT, 0
%include "media.inc"
        align 512, db 0
loader_end:
LOADER_SECTORS  equ (loader_end - boot_sector) / 512 - 1

packed:
        incbin "packed.bin"
        align 512, db 0
        times kSpareSectors * 512 db 0
PACKED_SECTORS  equ ($ - packed) / 512

        fat_contents kFatSectors, kMedia, kRootEntries
        times kSectors * 512 - ($ - $$) db 0f6h
