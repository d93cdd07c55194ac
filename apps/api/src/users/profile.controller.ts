import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '@app/problems';
import { AuthenticationService, UserService } from '@app/users';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import {
  type ProfileChangesBody,
  profileChangesBody,
  toUserResponse,
  type UserResponse,
  userResponse,
} from './user.schemas.js';

@ApiTags('Users')
@Controller('users/me')
@Access({ signedIn: true, usersOnly: true })
export class ProfileController {
  constructor(
    private readonly users: UserService,
    private readonly authentication: AuthenticationService,
  ) {}

  /** The signed-in user. */
  @Get()
  @ApiOkResponse({ standardSchema: userResponse })
  async get(@CurrentPrincipal() principal: Principal): Promise<UserResponse> {
    return toUserResponse(await this.users.get(principal.userId));
  }

  /** Name, e-mail address, password: the last two need the current password, and a new password ends all other sessions. */
  @Patch()
  @ApiOkResponse({ standardSchema: userResponse })
  async update(
    @Body({ schema: profileChangesBody }) body: ProfileChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserResponse> {
    const { currentPassword, ...changes } = body;
    const user = await this.users.get(principal.userId);
    if (currentPassword !== undefined && !(await this.authentication.confirms(user, currentPassword))) {
      const message = 'The current password is wrong.';
      throw new Problem('invalid_credentials', message, { fields: { currentPassword: [message] } });
    }
    const updated = await this.users.update(user.id, changes, actorOf(principal), principal.sessionId);
    return toUserResponse(updated);
  }
}
