; A network boot program that tries the PXE API the ways a program may come by it, and the wrong ways, and says on COM1 what it
; found: "good: name" or "BAD: name". At the end it has itself replaced by PXENV_RESTART_TFTP (-DSECOND is what comes then), which
; unloads PXE and returns.
        bits 16
        org 7c00h

kGetCachedInfo  equ 71h
kUdpOpen        equ 30h
kUdpClose       equ 31h
kUdpRead        equ 32h
kTftpReadFile   equ 23h
kRestartTftp    equ 73h
kUnloadStack    equ 70h
kStopUndi       equ 15h
kUndiShutdown   equ 05h
kStatusSuccess  equ 0
kStatusFailure  equ 1
kBadFunction    equ 2
kUdpClosed      equ 18h
kInvalid        equ 6ch

; expect NAME, CONDITION: says it was good when the jump of the condition is taken
%macro expect 2
        j%2 %%good
        mov si, bad
        jmp %%say
%%good:
        mov si, good
%%say:
        call puts
        mov si, %%name
        call puts
        jmp %%end
%%name: db %1, 10, 0
%%end:
%endmacro

; status_is VALUE: sets the zero flag
%macro status_is 1
        cmp word [parameters], %1
%endmacro

start:
        mov bp, sp
        push es
        push bx
        les di, [bp + 4]                        ; !PXE
        xor ax, ax
        mov ds, ax
        mov [bang_pxe], di
        mov [bang_pxe + 2], es
        mov [stack], bp
        mov [stack + 2], ss
        pop word [pxenv]
        pop word [pxenv + 2]
        cld
%ifdef SECOND
        mov si, second
        call puts
        call find_entries
        jmp finish
%endif

        les di, [bang_pxe]
        cmp dword [es:di], '!PXE'
        expect "!PXE behind the return address", z
        movzx cx, byte [es:di + 4]
        call sum
        expect "its checksum", z
        les di, [pxenv]
        cmp dword [es:di], 'PXEN'
        expect "PXENV+ in ES:BX", z
        movzx cx, byte [es:di + 8]
        call sum
        expect "its checksum too", z
        mov eax, [es:di + 28h]
        cmp eax, [bang_pxe]
        expect "it points to !PXE", z
        mov ax, 5650h
        xor bx, bx
        mov es, bx
        stc
        int 1ah
        sbb cx, cx
        xor ax, 564eh
        or ax, cx
        expect "INT 1Ah answers", z
        mov ax, es
        shl eax, 16
        mov ax, bx
        cmp eax, [pxenv]
        expect "and gives PXENV+", z
        mov ah, 0                               ; the tick count
        int 1ah
        expect "INT 1Ah is still the clock", nc
        int 12h
        shl ax, 6
        cmp ax, [pxenv + 2]
        expect "base memory ends below us", be
        call find_entries

        ; By !PXE, and by PXENV+.
        mov word [parameters + 2], 2
        mov bx, kGetCachedInfo
        call pxe
        expect "the cached ACK by !PXE", z
        les di, [parameters + 6]
        cmp byte [es:di], 2                     ; BOOTREPLY
        expect "is a reply", z
        cmp dword [es:di + 16], 0f02000ah       ; yiaddr 10.0.2.15
        expect "with our address", z
        call clear
        mov word [parameters + 2], 3
        mov bx, kGetCachedInfo
        call pxe_by_registers
        expect "the cached reply by PXENV+", z

        ; Wrong ways.
        mov bx, 0ff77h
        call pxe
        status_is kBadFunction
        expect "an unknown function", z
        mov bx, kUdpRead
        call pxe
        status_is kUdpClosed
        expect "UDP that is closed", z
        push dword 0
        push word kUdpOpen
        call far [entry]
        add sp, 6
        cmp ax, 1
        expect "parameters at null", z
        push dword 0ffffffffh
        push word kRestartTftp
        call far [entry]
        add sp, 6
        cmp ax, 1
        expect "parameters where no memory is", z
        les di, [bang_pxe]
        mov ax, [es:di + 28h]                   ; the resident part
        mov word [parameters + 2], 2
        mov word [parameters + 4], 0ffffh
        mov word [parameters + 6], 0
        mov word [parameters + 8], ax
        mov bx, kGetCachedInfo
        call pxe
        status_is kInvalid
        expect "a buffer in the firmware", z
        les di, [bang_pxe]
        mov [parameters + 8], es
        mov bx, kGetCachedInfo
        call pxe
        status_is kInvalid
        expect "a buffer in the code of the API", z
        mov word [parameters + 4], 1500
        mov dword [parameters + 6], 6000ff00h   ; 6000:FF00
        mov bx, kGetCachedInfo
        call pxe
        status_is kInvalid
        expect "a buffer beyond the end of its segment", z
        mov dword [parameters + 6], 413h
        mov bx, kGetCachedInfo
        call pxe
        status_is kInvalid
        expect "a buffer in the BIOS data area", z
        mov si, devices
.device:
        push si
        call name_next
        pop si
        lodsd
        push si
        mov [parameters + 134], eax
        mov bx, kTftpReadFile
        call pxe
        pop si
        jz .written
        cmp si, devices_end
        jb .device
        xor ax, ax
        jmp .devices_done
.written:
        or ax, 1
.devices_done:
        test ax, ax
        expect "no file goes to where devices are", z
        call clear
        mov bx, kUdpOpen
        call pxe
        expect "UDP opens", z
        mov bx, kUdpClose
        call pxe
        expect "and closes", z

        ; In protected mode the answer is an error, with nothing done. The entry is 16-bit code in a descriptor of its own.
        mov eax, [entry + 2]
        and eax, 0ffffh
        shl eax, 4
        or [code_descriptor + 2], eax
        mov [sp_before], sp
        cli
        lgdt [gdt_register]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 10h:.protected
.protected:
        mov ax, 18h
        mov ss, ax
        mov ds, ax
        mov sp, 7000h
        push dword 0
        push word kUdpOpen
        push word 10h
        push word .back
        push word 8
        push word [entry]
        xor ax, ax
        retf
.back:
        mov bx, ax
        mov eax, cr0
        and al, 0feh
        mov cr0, eax
        jmp 0:.real
.real:
        xor ax, ax
        mov ds, ax
        mov ss, [stack + 2]
        movzx esp, word [sp_before]
        sti
        cmp bx, 1
        expect "from protected mode", z

        ; Replaces itself: the parameters lie where it goes.
        call name_next
        mov dword [parameters + 134], 7c00h
        mov bx, kRestartTftp
        call pxe
        mov si, bad
        call puts
        mov si, restart_returned
        call puts

finish:
        mov bx, kUndiShutdown
        call pxe
        mov bx, kUnloadStack
        call pxe
        expect "the stack is unloaded", z
        mov bx, kStopUndi
        call pxe
        expect "UNDI stops", z
        mov ax, 5650h
        int 1ah
        cmp ax, 564eh
        expect "INT 1Ah is the BIOS's again", nz
        mov sp, [stack]
        xor ax, ax
        retf

find_entries:
        les di, [bang_pxe]
        mov eax, [es:di + 10h]
        mov [entry], eax
        les di, [pxenv]
        mov eax, [es:di + 0ah]
        mov [pxenv_entry], eax
        ret

; CX bytes at ES:DI add up to zero: zero flag. Keeps DI.
sum:
        push di
        xor al, al
.next:
        add al, [es:di]
        inc di
        loop .next
        pop di
        test al, al
        ret

clear:
        push ds
        pop es
        mov di, parameters
        mov cx, 80
        xor ax, ax
        rep stosw
        ret

; The parameters of TFTP_READ_FILE and RESTART_TFTP, but for the address.
name_next:
        call clear
        mov si, next_name
        mov di, parameters + 2
        mov cx, next_name_end - next_name
        rep movsb
        mov dword [parameters + 130], 10000h
        mov dword [parameters + 138], 0202000ah ; 10.0.2.2
        ret

; BX: function; zero flag: success.
pxe:
        push word 0
        push word parameters
        push bx
        call far [entry]
        add sp, 6
        test ax, ax
        ret

pxe_by_registers:
        push ds
        pop es
        mov di, parameters
        call far [pxenv_entry]
        test ax, ax
        ret

%include "com1.inc"

good:   db "good: ", 0
bad:    db "BAD: ", 0
second: db "the second program runs", 10, 0
restart_returned: db "RESTART_TFTP came back", 10, 0
devices: dd 0fee00000h, 0fffffe00h, 0c0000000h, 413h ; the local APIC, up to the end of 4 GiB, a PCI window
devices_end:
next_name: db "next.0"
next_name_end:
        align 8, db 0
gdt:    dq 0
code_descriptor: dq 00009a000000ffffh
        dq 00009a000000ffffh                    ; our own code
        dq 000092000000ffffh
gdt_register: dw 31
        dd gdt
bang_pxe: dd 0
pxenv:  dd 0
entry:  dd 0
pxenv_entry: dd 0
stack:  dd 0
sp_before: dw 0
        align 16, db 0
parameters: times 160 db 0
