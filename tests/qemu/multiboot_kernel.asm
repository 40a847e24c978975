; A kernel that says on COM1 what it was given. Built thrice: -DMULTIBOOT=1 (a flat binary with addresses in its header),
; -DMULTIBOOT=2 (ELF32 with a Multiboot 2 header), and without (plain ELF32; it returns).
        bits 32
%if MULTIBOOT == 1
        org 200000h
load:
%else
        section .text
%endif
        global start

%if MULTIBOOT == 1
        align 4
header: dd 1badb002h, 00010003h, -(1badb002h + 00010003h)
        dd header, load, load_end, bss_end, start
%elif MULTIBOOT == 2
        align 8
header: dd 0e85250d6h, 0, header_end - header, -(0e85250d6h + (header_end - header))
        dw 1, 0                                 ; information wanted: command line, modules, memory map, ELF sections
        dd 24, 1, 3, 6, 9
        dw 6, 0                                 ; modules on pages
        dd 8
        dw 5, 1                                 ; a framebuffer, if possible
        dd 20, 0, 0, 0
        dd 0                                    ; padding
        dw 0, 0
        dd 8
header_end:
%endif

start:
%if MULTIBOOT
        mov esp, stack_top
%endif
        mov ecx, eax
        mov esi, name
        call puts
        call put_hex                            ; magic
%if MULTIBOOT == 1
        mov ecx, [ebx]                          ; flags
        call put_hex
        mov ecx, [ebx + 4]
        call put_hex
        mov ecx, [ebx + 8]
        call put_hex
        call newline
        mov esi, [ebx + 16]
        call put_line
        mov esi, [ebx + 64]
        call put_line
        ; Modules: string, first bytes
        mov ebp, [ebx + 20]
        mov edi, [ebx + 24]
.module:
        test ebp, ebp
        jz .map
        mov esi, [edi + 8]
        call puts
        mov esi, colon
        call puts
        mov ecx, [edi + 4]
        sub ecx, [edi]
        call put_hex
        mov esi, [edi]
        test esi, 0fffh
        jnz .next                               ; not on a page
        call put_line
.next:
        add edi, 16
        dec ebp
        jmp .module
.map:
        mov ecx, [ebx + 44]
        call put_hex
        mov esi, [ebx + 48]
        mov ecx, [esi + 8 + 20]                 ; the second range: lower half of its base, twice behind a size
        call put_hex
        call newline
%elif MULTIBOOT == 2
        mov ecx, [ebx]                          ; total size
        add ecx, ebx
        mov [end], ecx
        add ebx, 8
.tag:
        mov ecx, [ebx]
        call put_hex
        mov ecx, [ebx + 4]
        call put_hex
        mov eax, [ebx]
        cmp eax, 3
        je .module
        cmp eax, 2
        jbe .text
        call newline
        jmp .next
.module:
        lea esi, [ebx + 16]
        call puts
        mov esi, colon
        call puts
        mov esi, [ebx + 8]
        call put_line
        jmp .next
.text:
        test eax, eax
        jz .done
        lea esi, [ebx + 8]
        call put_line
.next:
        mov ecx, [ebx + 4]
        add ecx, 7
        and ecx, ~7
        add ebx, ecx
        cmp ebx, [end]
        jb .tag
.done:
        call newline
%else
        call newline
        mov esi, goodbye
        call puts
        ret
%endif
        mov esi, goodbye
        call puts
.stop:
        cli
        hlt
        jmp .stop

; Up to 60 characters of the text at ESI, or up to its line end, and a line end.
put_line:
        push ecx
        mov ecx, 60
.next:
        lodsb
        cmp al, ' '
        jb .end
        call putc
        loop .next
.end:
        pop ecx
        jmp newline

%include "com1.inc"

; ECX, and a blank.
put_hex:
        push eax
        push ecx
        push edx
        mov edx, 8
.next:
        rol ecx, 4
        mov al, cl
        and al, 15
        add al, '0'
        cmp al, '9'
        jbe .digit
        add al, 'a' - '0' - 10
.digit:
        call putc
        dec edx
        jnz .next
        mov al, ' '
        call putc
        pop edx
        pop ecx
        pop eax
        ret

name:    db 13, 10, "TEST KERNEL ", 0
colon:   db ": ", 0
goodbye: db "TEST KERNEL ENDS", 13, 10, 0
%if MULTIBOOT == 1
load_end:
bss_end   equ $ + 8192
stack_top equ bss_end - 16
%else
        section .bss
end:    resd 1
        resb 4096
stack_top:
%endif
