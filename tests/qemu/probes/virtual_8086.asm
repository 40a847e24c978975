; Boot sector (and two sectors behind it): calls INT 13h of drive 80h, which is ours, in virtual-8086 mode, as EMM386 and its like
; do. There our hook cannot switch modes, so it must say so and do nothing. Ends by INT 19h.
%include "long_probe.inc"
%include "probe_end.inc"

kCode32 equ 08h
kData32 equ 10h
kTask   equ 18h
kCode16 equ 20h
kData16 equ 28h
kVirtualMode    equ 1 << 17                     ; EFLAGS
kAnyPrivilege   equ 3 << 12                     ; PUSHF, IRET and CLI work there
kCarry          equ 1
kTimedOut       equ 80h

read_one: ; drive 80h, sector 1, as far call with flags: INT would go to a monitor
        mov ax, 0201h
        mov bx, 8000h
        mov cx, 1
        mov dx, 80h
        pushf
        call far [13h * 4]
        ret

more:
        cli
        lgdt [gdt_register]
        lidt [protected_idt]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp kCode32:protected
        bits 32
protected:
        mov ax, kData32
        mov ds, ax
        mov ss, ax
        mov esp, 6000h
        mov ax, kTask
        ltr ax
        xor eax, eax
        times 5 push eax                        ; GS, FS, DS, ES, SS
        times 5 push eax                        ; GS, FS, DS, ES, SS
        push dword 7000h                        ; ESP
        push dword kVirtualMode | kAnyPrivilege | 2
        push eax                                ; CS
        push dword virtual
        iretd
        bits 16
virtual:
        call read_one
        mov [answer], ah
        pushf
        pop word [flags]
        hlt                                     ; not allowed there: to the handler
        bits 32
fault:
        jmp kCode16:back
        bits 16
back:
        mov ax, kData16
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov eax, cr0
        and al, ~1
        mov cr0, eax
        jmp 0:real
real:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 7000h
        lidt [real_idt]
        sti
        cmp byte [answer], kTimedOut
        mov si, text_answer
        call report
        mov al, [flags]
        and al, kCarry
        cmp al, kCarry
        mov si, text_carry
        call report
        call read_one                           ; and in real mode all is as before
        mov al, 0
        adc al, 0
        cmp ax, 0
        mov si, text_after
        call report
        mov si, text_done
        call puts
        int 19h

text_answer: db "answer in virtual-8086 mode", 0
text_carry:  db "carry in virtual-8086 mode", 0
text_after:  db "reading afterwards", 0
text_done:   db "PROBE DONE", 13, 10, 0
answer: db 0
flags:  dw 0

        align 8
gdt:    dq 0
        dq 00cf9a000000ffffh                    ; kCode32
        dq 00cf92000000ffffh                    ; kData32
        dw 103, task                            ; kTask: available 386 TSS
        db 0, 89h, 0, 0
        dq 00009a000000ffffh                    ; kCode16
        dq 000092000000ffffh                    ; kData16
gdt_register:
        dw $ - gdt - 1
        dd gdt
protected_idt:
        dw 16 * 8 - 1
        dd idt
real_idt:
        dw 3ffh
        dd 0
        align 8
idt:
%rep 16
        dw fault, kCode32, 8e00h, 0             ; 386 interrupt gate
%endrep
task:
        dd 0, 5000h, kData32                    ; ESP0, SS0
        times 104 - 12 db 0
        times 1536 - ($ - $$) db 0
