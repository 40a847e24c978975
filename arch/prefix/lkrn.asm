; .lkrn: the image as a kernel of the Linux x86 boot protocol (Documentation/x86/boot.rst, version 2.10), for whatever loads
; Linux: PXELINUX, SYSLINUX, ISOLINUX, GRUB, QEMU's -kernel.
;
; A loader enters either the setup code in real mode (GRUB: linux16), or the kernel at 1 MiB in protected mode, without
; the setup code anywhere in memory (GRUB: linux). Both meet at the kernel, which finds in ESI the setup header, 1F1h bytes on.
; It notes command line and initrd where nothing of ours will go, copies the loader to 0:7C00, and goes back to real mode:
; the machine is still the BIOS's, as boot loaders leave vectors and interrupt controllers alone.

%include "layout.inc"
%include "image.inc"

kKernel         equ 100000h     ; where boot loaders put the kernel: it is not relocatable
kSetupSectors   equ 1
kCommandLineMax equ 2047
kBootSector     equ 7c00h
kParagraph      equ 16
kPage           equ 1000h
kStack          equ 7000h       ; not on a page that has code: stores there are slow under emulation (arch/image.ld)

; What the loader writes into the header, as the kernel sees it.
kInitrdAt       equ 218h
kInitrdSizeAt   equ 21ch
kCommandLineAt  equ 228h

        section .setup start=0 vstart=0
        bits 16
; Somebody wrote the file to the start of a disk.
        jmp kBootSector / kParagraph:.no_loader
.no_loader:
        push cs
        pop ds
        mov si, message_no_loader
        cld
.next:
        lodsb
        mov ah, 0eh
        mov bx, 7
        int 10h
        test al, al
        jnz .next
        int 18h
message_no_loader:
        db "Sanpiper: this is a kernel; start it with a boot loader", 13, 10, 0

        times 1f1h - ($ - $$) db 0
        db kSetupSectors
        dw 0                                    ; root flags
        dd (KERNEL_SIZE + 15) / kParagraph
        dw 0
        dw 0ffffh                               ; video mode: normal
        dw 0                                    ; root device
        dw 0aa55h
        db 0ebh, setup - header                 ; short jump
header:
        db "HdrS"
        dw 020ah
        dd 0                                    ; no real-mode switch hook
        dw 0
        dw version - 200h
        db 0                                    ; type of loader: the loader says
        db 1                                    ; LOADED_HIGH
        dw 0
        dd kKernel                              ; code32_start
        dd 0, 0                                 ; initrd: the loader says
        dd 0
        dw 0
        db 0, 0
        dd 0                                    ; command line: the loader says
        dd 7fffffffh                            ; the initrd's end may be anywhere: it is moved
        dd 1000h                                ; alignment
        db 0                                    ; not relocatable
        db 12
        dw 0
        dd kCommandLineMax
        dd 0
        dq 0
        dd 0, 0                                 ; no payload that somebody could unpack
        dq 0
        dq kKernel
        dd kernel_end - kKernel                 ; init_size

version:
        db PRODUCT, 0

; The loader jumps here at its segment + 20h, offset 0, with DS that segment, and a stack in it.
setup:
        cli
        cld
        movzx esi, sp
        mov ax, ss
        movzx eax, ax
        shl eax, 4
        add eax, esi
        mov ebx, eax                            ; linear stack pointer
        mov ax, ds
        movzx esi, ax
        shl esi, 4                              ; linear address of the setup header's segment
        add [setup_gdt + 2], esi
        o32 lgdt [setup_gdt]
        lea ecx, [esi + .protected]
        push dword 8
        push ecx
        mov eax, cr0
        or al, 1
        mov cr0, eax
        o32 retf
        bits 32
.protected:
        mov eax, 10h
        mov ds, eax
        mov es, eax
        mov ss, eax
        mov esp, ebx
        call setup_a20_on                       ; the setup code's task
        mov eax, kKernel
        jmp eax
        align 8, db 0
setup_gdt:                                      ; its register image is where the null descriptor would be
        dw 17h
        dd setup_gdt
        dw 0
        dd 0000ffffh, 00cf9b00h                 ; flat code
        dd 0000ffffh, 00cf9300h                 ; flat data

; A20 once more: the loader's, below, is out of reach as long as it is off.
%define a20_on setup_a20_on
%define a20_off setup_a20_off
%define a20_keyboard_ready setup_a20_keyboard_ready
%include "a20.inc"
%undef a20_on
%undef a20_off
%undef a20_keyboard_ready
[warning -label-redef]                          ; its constants, once more
        times 512 * (1 + kSetupSectors) - ($ - $$) db 0

        section .kernel follows=.setup vstart=kKernel
        bits 32
kernel:
        cli
        cld
        mov edi, command_line
        mov ebp, [esi + kCommandLineAt]
        test ebp, ebp
        jz .initrd
        mov ecx, kCommandLineMax
.next:
        mov al, [ebp]
        inc ebp
        stosb
        test al, al
        loopnz .next
.initrd:
        ; Down to the page behind this kernel: loaders like the top of memory, which is where the image goes.
        mov ecx, [esi + kInitrdSizeAt]
        mov esi, [esi + kInitrdAt]
        mov edi, kernel_end
        jecxz .noted
        mov [handover + LinuxHandover.initrd], edi
        mov [handover + LinuxHandover.initrd_size], ecx
        lea edx, [edi + ecx]
        mov [KERNEL_OF_LOADER + kept_end], edx
        cmp esi, edi
        jb .in_place                            ; a loader that put it below us
        add ecx, 3
        shr ecx, 2
        rep movsd
        jmp .noted
.in_place:
        mov [handover + LinuxHandover.initrd], esi
.noted:
        mov esi, KERNEL_OF_LOADER
        mov edi, kBootSector
        mov ecx, LOADER_SIZE / 4
        rep movsd
        lgdt [gdt]
        lidt [real_mode_idt]
        jmp 8:to_real_mode

        align 8, db 0
gdt:
        dw 17h
        dd gdt
        dw 0
        dw 0ffffh, kBootSector, 9b00h, 0        ; 64 KiB of code at the loader
        dw 0ffffh, 0, 9300h, 0                  ; data, as real mode sees it
real_mode_idt:
        dw 3ffh
        dd 0

        align 4, db 0
handover:
        dd 0, 0
        dd command_line
command_line:
        times kCommandLineMax + 1 db 0

        section .loader follows=.kernel align=16 vstart=0
        bits 16
; Runs at 7C0:0, with the stack below.
loader:
to_real_mode:
        mov ax, 10h
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov eax, cr0
        and al, ~1
        mov cr0, eax
        jmp kBootSector / kParagraph:.real
.real:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov esp, kStack
        sti
        mov esi, kKernel + PACKED_AT
        mov edi, handover
        mov bx, kNoPciDevice
        mov cl, kOriginLinuxKernel
        call load
        jc .next_device
        push cs
        push word .next_device
        push ax
        push word Resident.size                 ; where its code starts
        retf
.next_device:
        int 18h                                 ; the loader that started us is gone: on with the BIOS's next device
        int 19h

        align 4, db 0
kept_end:
        dd 0                                    ; of the initrd
%define KEPT_END kept_end

%include "load.inc"

        align 16, db 0
loader_end:
LOADER_SIZE     equ loader_end - loader
KERNEL_OF_LOADER equ kKernel + KERNEL_PART

        section .packed follows=.loader align=16 vstart=0
packed:
        incbin "packed.bin"
packed_end:

        section .kernel
        align 16, db 0
kernel_part_end:
KERNEL_PART     equ kernel_part_end - kernel
PACKED_AT       equ KERNEL_PART + LOADER_SIZE
KERNEL_SIZE     equ PACKED_AT + (packed_end - packed)
kernel_end      equ (kKernel + PACKED_AT + kPackedRoom + kPage - 1) & ~(kPage - 1)
