# Every ARMv7 with an FPU of 16 registers: Thumb-2 makes the program a third smaller than ARM code.
set(target armhf)
set(gnu arm-linux-gnueabihf)
set(processor armv7l)
set(machine -march=armv7-a+fp -mthumb -mfloat-abi=hard)
set(emulator qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/musl/toolchain.cmake)
