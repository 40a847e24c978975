; The resident part: what stays in base memory while Sanpiper is loaded. Real-mode hooks, the way into protected mode
; and back, and the block that C++ and these routines share (arch/resident/resident.h).
;
; The segment starts with the block; CS is the segment in real mode, and code is addressed from it. DS is only set
; where it says so. All entries from outside keep every register they do not return something in.
;
; Stacks: hooks that do more than look at a register run on the private 16-bit stack from Resident.sp16 down; protected
; mode runs from Resident.esp32 down. Both pointers always say where the next one in may go on, so a hook nests
; below whatever C++ was doing when it called a BIOS service or jumped to a boot sector.

%include "layout.inc"
        bits 16
        org 0

; fill MEMBER: zeros up to a member of the block
%macro fill 1
        times (%1) - ($ - $$) db 0
%endmacro

block:
        fill Resident.pm_target
        dd in_protected_mode, kCode32           ; stage adds the linear address
        fill Resident.rm_target
        dw in_real_mode, 0
        dd real_call                            ; stage adds the linear address
        fill Resident.entries
        dw rm_call, rm_breathe, rm_video, rm_boot, rm_leave, rm_pxe
        dw hook13, far_call, hook15, hook18, hook19
        dw segment_end - block
        fill Resident.size

; The loader calls here (far), on any stack, when the image is in place. Returns when Sanpiper is done: either nothing of it
; is left in the machine's tables, or its drives stay hooked and the block in use.
start:
        pushad
        push ds
        push es
        mov ecx, ss
        mov edx, esp
        push cs
        pop ss
        movzx esp, word [cs:Resident.sp16]
        push ecx
        push edx
        mov bx, kImageMain
        call run32                              ; comes back through rm_leave
        cmp byte [cs:Resident.leave_by_int18], 0
        jne .next_device
        pop edx
        pop ecx
        mov ss, cx
        mov esp, edx
        pop es
        pop ds
        popad
        retf
.next_device:
        sti
        int 18h

%include "mode_switch.inc"
%include "real_routines.inc"
%include "hook13.inc"
%include "hook15.inc"
%include "hook18.inc"

        align 16, db 0
segment_end:
