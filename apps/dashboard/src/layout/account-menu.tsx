import { ActionIcon, Menu } from '@mantine/core';
import { IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useSession } from '../session/session-provider';
import { texts } from '../texts';

export function AccountMenu() {
  const { user, signOut } = useSession();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={user.email}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} href="/account" leftSection={<IconSettings size={16} aria-hidden />}>
          {texts.navigation.account}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {texts.actions.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
