"""The boards: what QEMU is told, which modules are loaded in which order, and what is mounted."""

import collections
import subprocess

Machine = collections.namedtuple("Machine", "name emulator modules console interface mount disk")

EXT4 = ("crc32c_generic", "crc16", "mbcache", "jbd2", "ext4")


def virt(disk, _):
    # cache=writeback: what the guest's kernel has written is the host's, and outlives the emulator.
    return ("-M", "virt", "-cpu", "cortex-a7", "-m", "128",
            "-drive", f"if=none,id=disk,format=raw,cache=writeback,file={disk}",
            "-device", "virtio-blk-device,drive=disk",
            "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net")


def ext4_disk(disk):
    with disk.open("wb") as file:
        file.truncate(32 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(disk)], check=True)


MACHINES = {
    "ext4": Machine("ext4", virt, ("virtio_mmio", "failover", "net_failover", "virtio_net",
                                   "virtio_blk", *EXT4),
                    "ttyAMA0", "eth0", ("/dev/vda", "/data", "ext4"), ext4_disk),
}
