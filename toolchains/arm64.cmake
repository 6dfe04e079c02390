set(target arm64)
set(gnu aarch64-linux-gnu)
set(processor aarch64)
set(machine)
# As for armhf.
set(guard -mstack-protector-guard=sysreg -mstack-protector-guard-reg=tpidr_el0 -mstack-protector-guard-offset=-16)
set(emulator qemu-aarch64-static)
include(${CMAKE_CURRENT_LIST_DIR}/musl/toolchain.cmake)
