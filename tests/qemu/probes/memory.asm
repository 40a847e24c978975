; Boot sector: tells on COM1 what INT 15h E820h, E801h and 88h, INT 12h and the vectors of INT 13h and 15h say.
; One line each: a name and hexadecimal words.
%include "probe.inc"
        xor ebx, ebx
.range:
        mov eax, 0e820h
        mov edx, 534d4150h
        mov ecx, 20
        mov di, range
        int 15h
        jc .sizes
        mov si, name_e820
        call puts
        push bx
        mov si, range + 4                       ; base, length and type, high words first
        call put_quad
        mov si, range + 12
        call put_quad
        mov eax, [range + 16]
        call put_word
        call newline
        pop bx
        test ebx, ebx
        jnz .range
.sizes:
        mov ax, 0e801h
        xor cx, cx
        xor dx, dx
        int 15h
        push dx
        push cx
        push bx
        push ax
        mov si, name_e801
        call puts
        mov cx, 4
.e801:
        pop ax
        movzx eax, ax
        call put_word
        loop .e801
        call newline
        mov ah, 88h
        int 15h
        mov si, name_88
        call put_line
        int 12h
        mov si, name_base
        call put_line
        mov eax, [13h * 4]
        mov si, name_13
        call put_long
        mov eax, [15h * 4]
        mov si, name_15
        call put_long
        mov si, name_end
        call puts
        jmp stop

put_line:                                       ; SI: name, AX: value
        movzx eax, ax
put_long:                                       ; EAX: value
        call puts_keep
        call put_word
        jmp newline
puts_keep:
        push eax
        call puts
        pop eax
        ret
put_quad:
        mov eax, [si]
        call put_word
        mov eax, [si - 4]
put_word:
        push ax
        mov al, ' '
        call putc
        pop ax
        jmp put_hex

name_e820: db "e820", 0
name_e801: db "e801", 0
name_88:   db "88", 0
name_base: db "base", 0
name_13:   db "int13", 0
name_15:   db "int15", 0
name_end:  db "PROBE OK", 13, 10, 0
range   equ 8000h
%include "probe_end.inc"
