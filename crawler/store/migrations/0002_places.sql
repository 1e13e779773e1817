-- Sealed segments may be moved to another disk. NULL: in the archive's own folder; else a file:// address of the folder that stands for it.
ALTER TABLE segments ADD COLUMN uri TEXT;
