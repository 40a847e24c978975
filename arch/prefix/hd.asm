; .hd, .usb: a hard disk or stick with one partition. Loader and packed image lie between partition table and partition, behind the place of a GUID
; partition table, which people may make of it.
;
; HYBRID: only boot sector and loader, for the front of a CD image, which is the packed image's place
; (util/tools/finish_iso.cc sets packed_sector and the partition table).

%include "layout.inc"
%include "image.inc"
%include "fat12.inc"
        bits 16

LOADER_AT       equ 34          ; UEFI 2.10 section 5.3: header and 128 entries
kPartition      equ 2048        ; on a MiB, as partitions are
kSectors        equ 6144        ; of the partition
kFatSectors     equ 5
kClusterSectors equ 4
kRootEntries    equ 512
kMedia          equ 0f8h
kTypeFat12      equ 1
%define FAT_SECTORS_PER_TRACK 63
%define FAT_HEADS 255

        section .boot start=0 vstart=7c00h
boot_sector:
        jmp short boot
        align 4, db 0
packed_sector:
        dd LOADER_AT + LOADER_SECTORS
sectors_per_track:
        dw FAT_SECTORS_PER_TRACK                ; until the BIOS says
heads:
        dw FAT_HEADS
%include "boot_sector.inc"

; chs SECTOR: as a partition table has it
%macro chs 1
        db (%1) / 63 % 255, (%1) % 63 + 1, (%1) / (63 * 255)
%endmacro
        times 440 - ($ - $$) db 0
        dd 53504e53h                            ; disk signature
        dw 0
%ifdef HYBRID
        times 64 db 0
%else
        db 80h
        chs kPartition
        db kTypeFat12
        chs kPartition + kSectors - 1
        dd kPartition, kSectors
        times 48 db 0
%endif
        dw 0aa55h

        section .loader start=(LOADER_AT*512) vstart=7e00h
loader:
product:
        db PRODUCT, 0
%include "media.inc"
        align 512, db 0
loader_end:
LOADER_SECTORS  equ (loader_end - loader) / 512

%ifndef HYBRID
        section .disk follows=.loader align=512 vstart=0
kPartitionAt    equ (kPartition - LOADER_AT - LOADER_SECTORS) * 512
        incbin "packed.bin"
        times kPartitionAt - ($ - $$) db 0

        jmp short not_bootable
        nop
        fat_parameters kClusterSectors, 1, kRootEntries, kSectors, kMedia, kFatSectors, kPartition, 80h
not_bootable:
        int 18h
        times kPartitionAt + 510 - ($ - $$) db 0
        dw 0aa55h
        fat_contents kFatSectors, kMedia, kRootEntries
        times kPartitionAt + kSectors * 512 - ($ - $$) db 0
%endif
