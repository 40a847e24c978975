; What a small packed image begins with: the loader stage is packed, too, and this unpacks it and goes on there. 32-bit, position
; independent, as small as can be; util/tools/stage_pack.cc packs, and must predict just as this does.
;
; A bit is predicted by how often it was 0 and 1 after the same bytes: the last two, the last one, the one before it, and
; none, each of which counts twice as much as the next. Arithmetic coding is as in util/mixing.cc, but the first three bytes
; are taken as any others.
;
; In: as stage_main (arch/stage/stage.cc).

%include "layout.inc"
        bits 32
        org Packed.sizeof               ; it comes behind the header

kTableBits      equ 20
kTable          equ 4 << kTableBits     ; how often 0, how often 1: a byte each, and a zero behind it, by hash
kHash           equ 2f0b4c47h
kContexts       equ 4

opening:
        pushad
        mov eax, [esp + 36]             ; Placement
        mov esi, [eax + Placement.packed]
        mov edi, [eax + Placement.memory_base]
        lea ebp, [esi + masks - 4]
        add esi, packed_stage
        sub edi, Unpack.stage_room + kTable
        mov ebx, edi                    ; the table; behind it zeros that come before the stage, and the stage
        mov ecx, kTable / 4 + 1
        xor eax, eax
        rep stosd
        lodsw
        push eax                        ; bytes to come
        push 0                          ; code
        push 1                          ; range
.byte:
        mov byte [edi], 1               ; and then its bits, until the 1 falls out
.bit:
        cmp byte [esp + 3], 0
        jne .predict
        shl dword [esp], 8
        shl dword [esp + 4], 8
        lodsb
        mov [esp + 4], al
        jmp .bit
.predict:
        xor edx, edx                    ; how many for 0, and in the upper half for 1
        push kContexts
        pop ecx
.context:
        mov eax, [edi - 3]
        and eax, [ebp + ecx * 4]
        add eax, ecx
        imul eax, eax, kHash
        shr eax, 32 - kTableBits
        lea eax, [ebx + eax * 4]
        push eax
        add edx, edx
        add edx, [eax]
        loop .context
        movzx eax, dx
        shr edx, 16
        inc edx                         ; both are possible
        lea ecx, [eax + edx + 1]
        push edx
        mov eax, [esp + 20]
        xor edx, edx
        div ecx
        pop edx
        mul edx                         ; EAX: how much of the range is for 1
        mov edx, [esp + 20]
        sub edx, eax
        sbb ecx, ecx                    ; -1 when it is 1
        jc .learn
        mov [esp + 20], edx
        sub eax, [esp + 16]
        neg eax
.learn:
        mov [esp + 16], eax
        mov dl, kContexts
.count:
        pop eax
        sub eax, ecx
        sub eax, ecx
        inc byte [eax]
        jnz .less
        dec byte [eax]
.less:
        shr byte [eax + ecx * 4 + 2], 1 ; the other one: a half, rounded up
        adc byte [eax + ecx * 4 + 2], 0
        dec dl
        jnz .count
        add ecx, ecx
        rcl byte [edi], 1
        jnc .bit
        inc edi
        dec dword [esp + 8]
        jnz .byte
        add esp, 12
        lea eax, [ebx + kTable + 4]
        mov [esp + 28], eax             ; popad's EAX
        popad
        jmp eax

masks:                                  ; which of the bits of this byte (in the highest) and the three before it
        dd 0ff000000h, 0ff00ff00h, 0ffff0000h, 0ffffff00h
packed_stage:
