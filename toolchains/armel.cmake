# ARMv5TE, ARM code: the oldest boards, without an FPU and with a Thumb too small to be of use.
set(target armel)
set(gnu arm-linux-gnueabi)
set(processor armv5tel)
set(machine -march=armv5te -marm -mfloat-abi=soft)
set(emulator qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/musl/toolchain.cmake)
