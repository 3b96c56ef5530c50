package dev.sluice.net;

import java.util.List;

/// Addresses, as blocks of CIDR notation.
public final class AddressBlocks {

    /// No address.
    public static final AddressBlocks NONE = new AddressBlocks(List.of());

    private final List<AddressBlock> blocks;

    private AddressBlocks(List<AddressBlock> blocks) {
        this.blocks = blocks;
    }

    /// @param blocks such as `10.0.0.0/8`, `2001:db8::/32`, or a single address
    /// @throws IllegalArgumentException when one is neither, with its text
    public static AddressBlocks of(List<String> blocks) {
        return blocks.isEmpty()
                ? NONE
                : new AddressBlocks(blocks.stream().map(AddressBlock::parse).toList());
    }

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    /// @param address 4 or 16 bytes
    public boolean contains(byte[] address) {
        for (AddressBlock block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
