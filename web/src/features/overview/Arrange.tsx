import { ActionIcon, Button, Modal, Switch } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../base/shop';
import { blockNames, mayHave, movedBlock, type BlockName } from './blocks';

/** Which blocks are shown and in what order; every change is kept at once. */
export function Arrange({
  blocks,
  onChange,
  onReset,
  onClose,
}: {
  blocks: BlockName[];
  onChange: (next: BlockName[]) => void;
  onReset: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const hidden = blockNames.filter((name) => !blocks.includes(name) && mayHave(name, may));
  const flip = (name: BlockName) =>
    onChange(blocks.includes(name) ? blocks.filter((b) => b !== name) : [...blocks, name]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('arrange.title')}
      size={440}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <ul className="arrange">
        {[...blocks, ...hidden].map((name) => {
          const title = t(`block.${name}`);
          const at = blocks.indexOf(name);
          return (
            <li key={name} data-testid={`arrange-${name}`}>
              <Switch
                size="xs"
                checked={at >= 0}
                label={title}
                onChange={() => flip(name)}
                className="grow"
              />
              <ActionIcon
                variant="subtle"
                disabled={at <= 0}
                aria-label={t('arrange.up', { name: title })}
                onClick={() => onChange(movedBlock(blocks, name, -1))}
              >
                <IconArrowUp size={16} stroke={1.75} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                disabled={at < 0 || at === blocks.length - 1}
                aria-label={t('arrange.down', { name: title })}
                onClick={() => onChange(movedBlock(blocks, name, 1))}
              >
                <IconArrowDown size={16} stroke={1.75} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <div className="row arrange-foot">
        <Button variant="subtle" onClick={onReset}>
          {t('arrange.reset')}
        </Button>
        <Button variant="filled" className="end" onClick={onClose}>
          {t('do.close')}
        </Button>
      </div>
    </Modal>
  );
}
