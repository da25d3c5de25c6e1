#include "textflag.h"

// func indexPairAVX2(hay *byte, n, distance int, of *[4]byte) int
TEXT ·indexPairAVX2(SB), NOSPLIT, $0-40
	MOVQ         hay+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVQ         distance+16(FP), DI
	MOVQ         of+24(FP), R8
	VPBROADCASTB 0(R8), Y0
	VPBROADCASTB 1(R8), Y1
	VPBROADCASTB 2(R8), Y2
	VPBROADCASTB 3(R8), Y3
	ADDQ         SI, DI
	XORQ         AX, AX

loop:
	VMOVDQU   (SI)(AX*1), Y4
	VPCMPEQB  Y4, Y0, Y5
	VPCMPEQB  Y4, Y1, Y6
	VPOR      Y5, Y6, Y5
	VMOVDQU   (DI)(AX*1), Y7
	VPCMPEQB  Y7, Y2, Y8
	VPCMPEQB  Y7, Y3, Y9
	VPOR      Y8, Y9, Y8
	VPAND     Y5, Y8, Y5
	VPMOVMSKB Y5, BX
	TESTL     BX, BX
	JNZ       found
	ADDQ      $32, AX
	CMPQ      AX, CX
	JB        loop
	MOVQ      $-1, AX
	JMP       done

found:
	BSFL BX, BX
	ADDQ BX, AX

done:
	VZEROUPPER
	MOVQ AX, ret+32(FP)
	RET
